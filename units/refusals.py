"""How an action says no."""


class RefusedError(Exception):
    """An action that the rules do not allow now. The words are for the person: what, why, and what to do next.

    `way_out` is a page where the remedy is done, as its address and the words of the link.
    """

    def __init__(self, what: str, *, why: str = "", remedy: str = "", way_out: tuple[str, str] | None = None) -> None:
        super().__init__(what)
        self.what, self.why, self.remedy, self.way_out = what, why, remedy, way_out

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.remedy) if part)
