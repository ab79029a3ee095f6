"""What the company sells, what it costs and how much of it is there."""

from datetime import timedelta

from demo.world import Product, StockLine, World

FAMILIES = {
    "pumps": ("Process Pumps", "流程泵"),
    "compressors": ("Screw Compressors", "螺杆空压机"),
    "robots": ("Industrial Robots", "工业机器人"),
    "drives": ("Variable-Speed Drives", "变频器"),
    "vacuum": ("Vacuum Systems", "真空系统"),
    "service": ("Service & Spares", "服务与备件"),
}

# code, English and Chinese name, list price in CNY, lead time in days
_RANGE: dict[str, tuple[tuple[str, str, str, int, int], ...]] = {
    "pumps": (
        ("CP-80", "CP-80 process pump", "CP-80 流程泵", 38_000, 28),
        ("CP-100", "CP-100 process pump", "CP-100 流程泵", 52_000, 28),
        ("CP-125", "CP-125 process pump", "CP-125 流程泵", 68_000, 35),
        ("CP-150", "CP-150 process pump", "CP-150 流程泵", 89_000, 42),
        ("CP-200", "CP-200 high-flow pump", "CP-200 大流量泵", 138_000, 77),
        ("CM-65", "CM-65 magnetic-drive pump", "CM-65 磁力泵", 74_000, 42),
        ("CM-100", "CM-100 magnetic-drive pump", "CM-100 磁力泵", 112_000, 49),
        ("CL-80", "CL-80 lined acid pump", "CL-80 衬氟酸泵", 96_000, 49),
    ),
    "compressors": (
        ("SC-37", "SC-37 screw compressor", "SC-37 螺杆空压机", 86_000, 21),
        ("SC-55", "SC-55 screw compressor", "SC-55 螺杆空压机", 124_000, 28),
        ("SC-75", "SC-75 screw compressor", "SC-75 螺杆空压机", 168_000, 28),
        ("SC-110", "SC-110 screw compressor", "SC-110 螺杆空压机", 236_000, 42),
        ("SC-160", "SC-160 two-stage compressor", "SC-160 两级空压机", 358_000, 84),
        ("SO-90", "SO-90 oil-free compressor", "SO-90 无油空压机", 412_000, 56),
        ("SO-160", "SO-160 oil-free compressor", "SO-160 无油空压机", 655_000, 63),
    ),
    "robots": (
        ("RC-7", "RC-7 collaborative robot", "RC-7 协作机器人", 148_000, 28),
        ("RC-12", "RC-12 collaborative robot", "RC-12 协作机器人", 186_000, 28),
        ("RB-20", "RB-20 machine-tending robot", "RB-20 上下料机器人", 228_000, 42),
        ("RB-60", "RB-60 handling robot", "RB-60 搬运机器人", 296_000, 42),
        ("RB-120", "RB-120 palletising robot", "RB-120 码垛机器人", 342_000, 49),
        ("RB-165", "RB-165 heavy-duty robot", "RB-165 重载机器人", 418_000, 91),
        ("RW-10", "RW-10 welding robot", "RW-10 焊接机器人", 262_000, 42),
    ),
    "drives": (
        ("VD-15", "VD-15 variable-speed drive", "VD-15 变频器", 9_800, 14),
        ("VD-37", "VD-37 variable-speed drive", "VD-37 变频器", 18_600, 14),
        ("VD-75", "VD-75 variable-speed drive", "VD-75 变频器", 34_500, 21),
        ("VD-160", "VD-160 cabinet drive", "VD-160 柜式变频器", 78_000, 35),
        ("VD-315", "VD-315 cabinet drive", "VD-315 柜式变频器", 152_000, 70),
        ("VA-90", "VA-90 low-harmonic drive", "VA-90 低谐波变频器", 66_000, 35),
        ("VA-250", "VA-250 low-harmonic drive", "VA-250 低谐波变频器", 168_000, 49),
    ),
    "vacuum": (
        ("VS-160", "VS-160 dry vacuum pump", "VS-160 干式真空泵", 98_000, 35),
        ("VS-300", "VS-300 dry vacuum pump", "VS-300 干式真空泵", 146_000, 42),
        ("VS-600", "VS-600 dry vacuum pump", "VS-600 干式真空泵", 228_000, 42),
        ("VB-1000", "VB-1000 booster skid", "VB-1000 罗茨机组", 318_000, 56),
        ("VB-2500", "VB-2500 booster skid", "VB-2500 罗茨机组", 476_000, 63),
        ("VC-40", "VC-40 central vacuum station", "VC-40 集中真空站", 386_000, 63),
    ),
    "service": (
        ("SV-ONE", "Care One service plan", "安心保养年度服务", 18_000, 7),
        ("SV-PLUS", "Care Plus service plan", "无忧保养年度服务", 36_000, 7),
        ("SP-SEAL", "Mechanical seal kit", "机封备件包", 4_200, 10),
        ("SP-AIR", "Compressor maintenance kit", "空压机保养包", 6_800, 10),
        ("SP-GRIP", "Gripper wear kit", "抓手易损件包", 5_600, 14),
    ),
}

# The product of each family that is short in every warehouse; only the accounts of that story ask for it.
SCARCE = {"pumps": "CP-200", "compressors": "SC-160", "robots": "RB-165", "drives": "VD-315"}
PLANS = ("SV-ONE", "SV-PLUS")
WAREHOUSES = ("苏州总仓", "天津仓", "东莞仓", "Rotterdam", "Singapore", "Houston")

_TEXT = {
    "pumps": "Single-stage pump for chemical and utility duty with cartridge seal; ISO 2858 dimensions.",
    "compressors": "Screw compressor with variable-speed drive, heat recovery port and networked controller.",
    "robots": "Six-axis robot with controller, safety-rated zones and offline programming.",
    "drives": "Variable-speed drive with safe torque off, plain-text diagnostics and coated boards.",
    "vacuum": "Oil-free vacuum system with condition monitoring.",
    "service": "Service and wear parts for the company's machines.",
}
CNY_PER = {"CNY": 1.0, "USD": 6.6, "EUR": 7.4}


def build_products() -> dict[str, Product]:
    """All products by code."""
    return {
        code: Product(code, family, name, name_zh, price, lead, _TEXT[family])
        for family, rows in _RANGE.items()
        for code, name, name_zh, price, lead in rows
    }


def unit_price(product: Product, currency: str, quantity: int = 1) -> int:
    """The list price per piece in whole units of `currency`; 3 % less from 5 pieces on, 6 % from 20."""
    factor = 0.94 if quantity >= 20 else 0.97 if quantity >= 5 else 1.0
    exact = product.price / CNY_PER[currency] * factor
    return round(exact / 10) * 10


def build_stock(world: World) -> list[StockLine]:
    """Ample stock of everything but the scarce products, whose next lot is small and comes late."""
    rng = world.rng("stock")
    lines = []
    for product in world.products.values():
        if product.code in PLANS:
            continue
        if product.code in SCARCE.values():
            lines += [
                StockLine(product.code, "苏州总仓", 4, 2, 3, world.day(product.lead_days + 14), product.lead_days),
                StockLine(product.code, "Rotterdam", 2, 1, 0, None, product.lead_days + 21),
            ]
            continue
        for warehouse in ("苏州总仓", *rng.sample(WAREHOUSES[1:], rng.randint(1, 3))):
            on_hand = rng.randint(24, 60) * (8 if product.price < 20_000 else 2 if product.price < 100_000 else 1)
            incoming = rng.choice((0, 0, 6, 10, 20))
            due = world.today + timedelta(days=rng.randint(9, 60)) if incoming else None
            reserved = rng.randint(0, on_hand // 6)
            lines.append(StockLine(product.code, warehouse, on_hand, reserved, incoming, due, product.lead_days))
    return lines
