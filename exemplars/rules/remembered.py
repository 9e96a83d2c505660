"""Values that follow from a key alone, worked out once: words and comparisons that thousands of nominees share."""

from collections.abc import Callable, Hashable
from typing import Final, TypeVar

MOST: Final = 10_000
_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Remembered(dict[_Key, _Value]):
    """Emptied before it grows beyond MOST: odd facts shall not fill the memory of a process that runs for weeks."""

    def __init__(self, work_out: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: _Key) -> _Value:
        if len(self) >= MOST:
            self.clear()
        value = self[key] = self._work_out(key)
        return value
