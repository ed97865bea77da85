"""The scorer that ships: no downloads, no keys, no model but small tables of coefficients."""

from verify.evidence.assess import NAME, VERSION, assess
from verify.evidence.source import SourceText
from verify.model.assessment import Assessment


class Embedded:
    """The embedded scorer, as the rack wants it; all it does stands in `verify.evidence.assess`."""

    name = NAME
    version = VERSION

    def assess(self, claim: str, source: SourceText, *, title: str = "", section: str = "", context: str = "") -> Assessment:
        """Read a claim against a source."""
        return assess(claim, source, title=title, section=section, context=context)


def scorer() -> Embedded:
    """Give the embedded scorer."""
    return Embedded()
