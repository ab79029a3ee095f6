"""Chinese words written with a character that sounds the same, as input methods make people do: 疯险 for 风险."""

import re
from bisect import bisect_right
from functools import cache, lru_cache

import rjieba

from agents.understanding.lexicon import DATA, OUTSIDE, load_cues, read_examples
from core.language import is_cjk

# The 3,755 usual characters of GB 2312 stand in the order of their sounds; these begin a new sound each.
_FIRST_OF_SOUND = (
    "啊埃鞍肮凹芭白斑邦苞杯奔崩逼鞭标鳖彬兵玻捕擦猜餐苍操厕层插拆搀昌超车郴撑吃充抽初揣川疮吹春戳疵聪凑粗蹿摧村磋搭呆耽当刀德"
    "蹬堤颠碉跌丁丢东兜督端堆墩掇蛾恩而发藩坊菲芬丰佛否夫噶该干冈篙哥给根耕工钩辜刮乖棺光瑰辊锅哈骸酣夯壕呵嘿痕哼轰喉呼花槐"
    "欢荒灰荤豁击嘉歼僵蕉揭巾荆炯揪鞠捐撅均喀开刊康考坷肯坑空抠枯夸块宽匡亏坤括垃莱蓝琅捞勒雷棱厘俩联粮撩列琳玲溜龙楼芦驴峦"
    "掠抡萝妈埋瞒芒猫么玫门萌眯棉苗蔑民明谬摸谋拇拿氖南囊挠呢馁嫩能妮蔫娘鸟捏您柠牛脓奴女暖虐挪哦欧啪拍攀乓抛呸喷砰坯篇飘撇"
    "拼乒坡扑期掐牵枪橇切钦青琼秋趋圈缺裙然瓤饶惹壬扔日戎揉茹软蕊闰若撒腮三桑搔瑟森僧莎筛珊墒梢奢砷声师收蔬刷摔栓霜谁吮说斯松"
    "搜苏酸虽孙蓑塌胎坍汤掏特藤梯天挑贴厅通偷凸湍推吞拖挖歪豌汪威瘟嗡挝巫昔瞎掀相萧楔薪星兄休墟轩靴勋压焉殃邀椰一茵英哟拥幽迂"
    "鸳曰耘匝栽咱赃遭责贼怎增扎摘瞻樟招遮珍蒸芝中舟珠抓拽专桩椎谆捉兹鬃邹租钻嘴尊昨"
)
_USUAL = range(0xB0A1, 0xD7FA)
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_SIZES = (4, 3, 2)
_NOT_MEANT = OUTSIDE | {"thank"}


@cache
def _starts() -> list[int]:
    return [_code(char) for char in _FIRST_OF_SOUND]


@lru_cache(maxsize=8192)
def _code(char: str) -> int:
    try:
        return int.from_bytes(char.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return 0


def sound_of(char: str) -> int | None:
    """Which of the sounds a usual character has, without its tone; None for a rare one."""
    code = _code(char)
    return bisect_right(_starts(), code) if code in _USUAL else None


@cache
def _by_sound() -> dict[tuple[int | None, ...], str]:
    """The words for ideas by their sounds; where several sound the same the first is kept."""
    found: dict[tuple[int | None, ...], str] = {}
    for word, ideas in load_cues()[0].items():
        if len(word) in _SIZES and all(map(is_cjk, word)) and not set(ideas) & _NOT_MEANT:
            found.setdefault(tuple(map(sound_of, word)), word)
    return found


@cache
def _written() -> str:
    """What requests are made of; what stands there is meant as it stands."""
    return "\n".join(
        [read_examples("zh"), *((DATA / name).read_text("utf-8") for name in ("words.zh.txt", "cues.txt"))]
    )


@lru_cache(maxsize=8192)
def _meant(window: str) -> str | None:
    """The word that was meant by characters which are no word themselves; None when there is none."""
    word = _by_sound().get(tuple(map(sound_of, window)))
    if word is None or word == window or sum(a != b for a, b in zip(word, window, strict=True)) > 1:
        return None
    return None if window in _written() else word


@lru_cache(maxsize=2048)
def correct_han(text: str) -> str:
    """A text with such words as they were meant; every character keeps its place."""
    return _HAN_RUN.sub(lambda match: _run(match.group()), text)


def _run(run: str) -> str:
    # Only characters that belong to no word of the dictionary may be meant for others.
    alone = [len(word) == 1 for word in rjieba.cut(run, False) for _ in word]
    place = 0
    while place < len(run):
        for size in _SIZES:
            window = run[place : place + size]
            if len(window) == size and all(alone[place : place + size]) and (word := _meant(window)) is not None:
                run = run[:place] + word + run[place + size :]
                place += size - 1
                break
        place += 1
    return run
