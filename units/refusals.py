"""How an action says no."""


class RefusedError(Exception):
    """An action that the rules do not allow now. The words are for the person: what, why, and what to do next."""

    def __init__(self, what: str, *, why: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.why, self.remedy = what, why, remedy

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.remedy) if part)
