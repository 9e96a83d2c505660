"""Formats of dates and numbers by language, named by FORMAT_MODULE_PATH."""
