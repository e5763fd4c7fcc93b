unit-percent = %
unit-day-of-month = 日
unit-call-backs = 件回访
no-figures-setting-range = 这个数不在范围内。
no-figures-weights-sum = 三个比重加起来要等于100。
no-figures-span-wrong = 开始要早于结束，最长两年。
no-figures-month-wrong = 月份这样写：2026-11。
