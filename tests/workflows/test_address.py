"""An address has one spelling, and nobody registers under letters that only look the same."""

import pytest

from models.errors import InputError
from workflows.rules.address import normal


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("lin@xihu.example.cn", "lin@xihu.example.cn"),
        ("Lin.Zhiyuan@XiHu.Example.CN", "lin.zhiyuan@xihu.example.cn"),
        ("a@example.com", "a@example.com"),
        ("union+2026@zj.example.org", "union+2026@zj.example.org"),
        ("lin@ｘihu.example.cn", "lin@xihu.example.cn"),
        ("lin@xihu。example.cn", "lin@xihu.example.cn"),
    ],
)
def test_every_way_to_write_an_address_has_the_same_key(typed: str, key: str) -> None:
    assert normal(typed) == key
    assert normal(normal(typed)) == key


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "lin",
        "lin@",
        "lin@localhost",
        "lin@zj.test",
        "lin@[127.0.0.1]",
        " lin@a.cn",
        "lin@a.cn\n",
        "lin\n@a.cn",
        "lin\r\nBcc: all@a.cn@a.cn",
        "lin@a.cn,wang@a.cn",
        "Lin <lin@a.cn>",
        '"l n"@a.cn',
        "林@a.cn",
        "liп@a.cn",  # a Cyrillic letter
        "ｌin@a.cn",  # a full-width letter
        "li\u200bn@a.cn",  # a space nobody sees
        "lin@a\u200b.cn",
        "l" * 65 + "@a.cn",
    ],
)
def test_what_is_no_plain_address_is_refused(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        normal(typed)

    assert refused.value.code == "email_invalid"
    assert refused.value.details == {"field": "email", "value": typed}


@pytest.mark.parametrize(
    ("typed", "punycode"),
    [
        ("lin@exаmple.com", "xn--exmple-4nf.com"),  # a Cyrillic letter
        ("lin@xn--exmple-4nf.com", "xn--exmple-4nf.com"),
        ("lin@XN--exmple-4nf.com", "xn--exmple-4nf.com"),
        ("lin@工会.cn", "xn--6oq837a.cn"),
        ("lin@mail.工会.cn", "mail.xn--6oq837a.cn"),
    ],
)
def test_an_encoded_domain_is_refused_and_shown_as_it_is(typed: str, punycode: str) -> None:
    with pytest.raises(InputError) as refused:
        normal(typed)

    assert refused.value.code == "email_idn"
    assert refused.value.details == {"field": "email", "value": typed, "punycode": punycode}
