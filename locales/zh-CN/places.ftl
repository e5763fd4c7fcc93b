places-title = 地方
