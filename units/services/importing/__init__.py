"""Taking a clerk's workbook into the register: received, judged, confirmed, and undone as one batch."""
