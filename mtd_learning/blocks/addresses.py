"""Where the doors of blocks are, and where a unit is read."""

from mtd_learning.errors import N_, Invalid


class Addresses:
    """Where the doors of blocks are; the web may hand in its own."""

    def handler(self, key: str, name: str, suffix: str, query: str, *, open_to_all: bool) -> str:
        """Return the address of a handler: no slash at its end, no `?` without a query."""
        if open_to_all:
            raise Invalid(N_("This site has no open doors for blocks."))
        path = f"/x/{key}/handler/{name}" + (f"/{suffix}" if suffix else "")
        return f"{path}?{query}" if query else path

    def unit(self, course_key: str, module_id: str, unit_id: str) -> str:
        """Return the address of a unit. Ids are slugs: nothing in them needs quoting."""
        return f"/learn/{course_key}/{module_id}/{unit_id}"

    def resource(self, block_type: str, version: str, path: str) -> str:
        """Return the address of a file that a block's package brings."""
        return f"/x-res/{block_type}/{version}/{path}"

    def shared(self, path: str) -> str:
        """Return the address of a file that the machine itself brings."""
        return f"/x-res/shared/1/{path}"

    def file(self, scope: str, name: str) -> str:
        """Return the address of a file that a block wrote."""
        return f"/x-fs/{scope}/{name}"
