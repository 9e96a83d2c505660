"""Which browser on which machine, in words that a person recognises, and nothing finer."""

_BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "máy Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
UNKNOWN = "Thiết bị không rõ"


def describe_device(user_agent: str) -> str:
    """For example "Chrome trên Windows"."""
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "")
    machine = next((words for mark, words in _MACHINES if mark in user_agent), "")
    if browser and machine:
        return f"{browser} trên {machine}"
    return browser or machine or UNKNOWN
