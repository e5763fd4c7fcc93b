gallery-title = Gallery
