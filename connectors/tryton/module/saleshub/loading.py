"""Makes whole rows, such as orders long delivered, that Tryton lets nobody write by hand."""

from trytond.i18n import gettext
from trytond.model import Model
from trytond.model.exceptions import AccessError
from trytond.pool import Pool
from trytond.rpc import RPC


class Loading(Model):
    """For administrators only: filling a database with the records of another system."""

    __name__ = "saleshub.loading"

    @classmethod
    def __setup__(cls):
        super().__setup__()
        cls.__rpc__.update(
            create_rows=RPC(readonly=False, check_access=False), write_rows=RPC(readonly=False, check_access=False)
        )

    @classmethod
    def create_rows(cls, model, values):
        """Make the rows; their ids."""
        cls._allowed()
        return [row.id for row in Pool().get(model).create(values)]

    @classmethod
    def write_rows(cls, model, ids, values):
        """Set the same values in each of the rows."""
        cls._allowed()
        found = Pool().get(model)
        found.write(found.browse(ids), values)

    @classmethod
    def _allowed(cls):
        if not Pool().get("res.user").is_administrator():
            raise AccessError(gettext("ir.msg_access_rule_error", ids="", model=cls.__name__))
