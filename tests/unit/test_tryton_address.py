"""Where a company's Tryton is."""

import pytest

from connectors.tryton.address import read_address
from core.errors import SetupError


def test_the_name_of_a_tenant_leads_into_no_other_database() -> None:
    address = read_address("http://hub:s%40cret@erp.example:8000/sales_{tenant}")
    database = address.database_of("a/rpc/?x=")
    assert database is not None
    assert address.url_of(database) == "http://erp.example:8000/sales_a%2Frpc%2F%3Fx%3D/rpc/"


def test_the_password_is_neither_shown_nor_part_of_what_is_asked() -> None:
    address = read_address("http://hub:s%40cret@erp.example:8000/sales")
    assert address.password == "s@cret"
    assert "cret" not in repr(address) + address.url_of("sales")
    with pytest.raises(SetupError) as caught:
        read_address("http://hub:s%40cret@erp.example:8000")
    assert "cret" not in str(caught.value)
