"""What the files may say: pydantic models, one for each `kind`."""

from mtd_learning.content.models.files import KINDS
from mtd_learning.content.models.types import Model

__all__ = ["KINDS", "Model"]
