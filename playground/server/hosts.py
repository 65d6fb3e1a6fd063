"""As what a browser has asked this server."""

from collections.abc import Mapping


def hosts(headers: Mapping[str, str]) -> list[str]:
    """The names that a request says: by itself, or through a proxy, which says so.

    No page can set either of the two.
    """
    return [headers[name] for name in ("host", "x-forwarded-host") if name in headers]
