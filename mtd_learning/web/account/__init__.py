"""Come in, go out, and look after one's own account."""

from mtd_learning.web.account import entrance, own
from mtd_learning.web.account.door import bp

__all__ = ["bp", "entrance", "own"]
