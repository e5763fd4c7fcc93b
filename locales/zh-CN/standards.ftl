# 期限、办公时间、日历、暂停、超时
no-standards-unit = 请选一种时间单位
no-standards-amount = 请写一个合适的整数，例如 3
