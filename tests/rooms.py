"""The import contract of `pyproject.toml`: which room of `exports` may import which, and who may use which library.

A table says it in a line for each room; the contract types that come with import-linter would need a contract for each.
A room that the table does not name breaks the contract: write its line first.
"""

from fnmatch import fnmatch
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

PACKAGE = "exports."


class TableField(fields.Field[dict[str, list[str]]]):
    """A TOML table of lists."""

    def parse(self, raw_data: Any) -> dict[str, list[str]]:
        if not isinstance(raw_data, dict):
            raise fields.ValidationError("Expected a table.")
        return raw_data


class RoomsContract(Contract):
    """Every import inside the package must be in the table; libraries stay in the modules that are named for them."""

    type_name = "rooms"

    open_to_all = fields.ListField(fields.StringField())
    strangers_in = fields.ListField(fields.StringField())
    may_import = TableField()
    library_only_in = TableField()
    library_not_in = TableField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        faults = []
        for importer in sorted(module for module in graph.modules if module.startswith(PACKAGE)):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if fault := self.fault(importer.removeprefix(PACKAGE), imported):
                    lines = {detail["line_number"] for detail in self.details(graph, importer, imported)}
                    faults.append(f"{importer}:{','.join(map(str, sorted(lines)))} imports {imported}: {fault}")
            if not self.room(importer.removeprefix(PACKAGE)):
                faults.append(f"{importer} belongs to no room: give it a line in may_import")
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def details(self, graph: ImportGraph, importer: str, imported: str) -> list[Any]:
        return list(graph.get_import_details(importer=importer, imported=imported))

    def fault(self, importer: str, imported: str) -> str:
        """Return what is wrong with one import, or nothing."""
        if imported.startswith(PACKAGE):
            imported = imported.removeprefix(PACKAGE)
            return self.room_fault(self.room(importer), self.room(imported)) or self.stranger_fault(importer, imported)
        return self.library_fault(importer, imported.partition(".")[0])

    def room_fault(self, importer: str, imported: str) -> str:
        if imported in {importer, *self.open_to_all, *self.may_import.get(importer, ())}:
            return ""
        return f"{importer or 'a module without a room'} may not import {imported or 'a module without a room'}"

    def stranger_fault(self, importer: str, imported: str) -> str:
        for package in self.strangers_in:
            one, other = child(package, importer), child(package, imported)
            if one and other not in ("", "base", one):
                return f"{one} never imports {other}"
        return ""

    def library_fault(self, importer: str, library: str) -> str:
        if library in self.library_only_in and not self.inside(importer, self.library_only_in[library]):
            return f"{library} only in {', '.join(self.library_only_in[library])}"
        if self.inside(importer, self.library_not_in.get(library, ())):
            return f"{library} not in {', '.join(self.library_not_in[library])}"
        return ""

    def room(self, module: str) -> str:
        """Return the narrowest room of the table that holds the module."""
        rooms = [room for room in self.may_import if self.inside(module, [room])]
        return max(rooms, key=len, default="")

    def inside(self, module: str, patterns: Any) -> bool:
        return any(fnmatch(module, pattern) or fnmatch(module, f"{pattern}.*") for pattern in patterns)

    def render_broken_contract(self, check: ContractCheck) -> None:
        for fault in check.metadata["faults"]:
            output.print_error(f"- {fault}", bold=False)


def child(package: str, module: str) -> str:
    """Return which of the package's children holds the module, or nothing; `ybb_answers` is a part of `ybb`."""
    return module.removeprefix(f"{package}.").split(".")[0].split("_")[0] if module.startswith(f"{package}.") else ""
