"""Fields that the arguments of several questions share, as language models read them in a JSON schema."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from core.domain.money import Money, plausible_money

_LONGEST_ID = 200


def _sensible(amount: Money) -> Money:
    if plausible_money(amount) is None:
        raise ValueError("must be more than 0 and less than 10^15")
    if not (len(amount.currency) == 3 and amount.currency.isascii() and amount.currency.isupper()):
        raise ValueError("the currency must be a code of three capitals such as CNY")
    return amount


Id = Annotated[str, Field(min_length=1, max_length=_LONGEST_ID)]
AccountId = Annotated[Id, Field(description="Id of the customer account")]
ContactId = Annotated[Id, Field(description="Id of the person at the customer")]
OpportunityId = Annotated[Id, Field(description="Id of the deal")]
ProductId = Annotated[Id, Field(description="Code (SKU) of the product")]
ProductIds = Annotated[
    tuple[Id, ...], Field(min_length=1, max_length=20, description="Codes (SKU) of the products asked about")
]
Pieces = Annotated[int, Field(ge=1, le=10**9, description="How many pieces")]
Fraction = Annotated[
    Decimal, Field(gt=0, lt=1, description="Discount as a fraction of the list price: 0.08 is eight per cent")
]
Amount = Annotated[Money, AfterValidator(_sensible), Field(description="Value of the deal with its currency")]
Day = Annotated[date, Field(description="A calendar day, ISO 8601")]
Words = Annotated[str, Field(min_length=1, max_length=2000)]
