"""Words that turn an answer into another one when they change: not, before, closed, days …

Each line is one meaning in English and Chinese; to exchange words within a line is a rewording.
"""

import re
from collections import Counter

_MEANINGS = """
not no never none without n't cannot nor | 不 没 未 无 非 勿 禁止 别
only solely merely exclusively | 只 仅
must shall required obliged mandatory | 必须 务必 强制
optional voluntary voluntarily | 自愿 选填
before earlier until | 之前 以前 前
after later since | 之后 以后 后
above over exceed exceeds exceeding higher greater more | 高于 超过 大于 以上 多于
below under lower less fewer | 低于 小于 不足 以下 少于
at-least minimum least | 至少 最少 不低于 起码
at-most maximum most | 至多 最多 不超过
buyer buyers customer customers consumer | 买家 客户 消费者
seller sellers merchant shopkeeper | 卖家 商家
always every all | 总是 一律 所有 全部
sometimes some | 有时 部分
closed closure close terminated termination | 关闭 清退 关店
frozen freeze freezes suspended suspension suspend | 冻结 停权 暂停
warned warning warn notice | 警告 提醒
removed removal remove deleted taken-down | 下架 删除 移除
fined fine fines | 罚款 罚金
refund refunded refunds | 退款
returned return returns | 退货
air airfreight | 空运
sea ocean | 海运
rail railway train | 铁路 班列
road truck | 陆运 卡车
import imported importer | 进口
export exported exporter | 出口
day days daily | 天 日
week weeks weekly | 周 星期
month months monthly | 月
year years yearly annual annually | 年
hour hours hourly | 小时
minute minutes | 分钟
working business | 工作日
calendar natural | 自然日
percent % | % ％
usd dollar dollars $ | 美元
cny rmb yuan ¥ | 人民币 元
eur euro euros € | 欧元
gbp pound pounds £ | 英镑
kg kilogram kilograms | 公斤 千克
first | 首次 第一
second | 第二
third | 第三
"""


def _read(table: str) -> tuple[dict[str, int], dict[str, int]]:
    words: dict[str, int] = {}
    han: dict[str, int] = {}
    for meaning, line in enumerate(table.strip().splitlines()):
        english, _, chinese = line.partition(" | ")
        words.update(dict.fromkeys(english.split(), meaning))
        han.update(dict.fromkeys(chinese.split(), meaning))
    return words, han


_WORDS, _HAN = _read(_MEANINGS)
_WORD = re.compile(r"[a-z]+(?:'t)?|[%$¥€£]")
# Longer words first: 不低于 is "at least", not "not below".
_HAN_WORD = re.compile("|".join(sorted(map(re.escape, _HAN), key=len, reverse=True)))


def telling_words(text: str) -> Counter[int]:
    """How often each meaning stands in `text`, which is in small letters."""
    found: Counter[int] = Counter()
    for word in _WORD.findall(text):
        meaning = _WORDS.get(word, _WORDS["not"] if word.endswith("n't") else None)
        if meaning is not None:
            found[meaning] += 1
    for word in _HAN_WORD.findall(text):
        found[_HAN[word]] += 1
    return found
