"""Whether what a student was asked to write is there, without calling it."""

from __future__ import annotations

from types import ModuleType


def there(module: ModuleType, target: str) -> dict[str, bool]:
    """Return whether a name of a module can be called; that it is there is seen to before."""
    return {"callable": callable(getattr(module, target, None))}
