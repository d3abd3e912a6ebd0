"""Understanding in another process: what a stranger sent is read where there is no key, no
database and no event loop, and the processors share the work.
"""

from gateway.adapters.understanding.elsewhere import Elsewhere, helpers_for

__all__ = ["Elsewhere", "helpers_for"]
