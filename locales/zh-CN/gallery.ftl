gallery-title = 样张
