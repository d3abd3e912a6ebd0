"""Understanding in another process: what a stranger sent is read where there is no key, no
database and no event loop, and the processors share the work.

`elsewhere` decides, `helper` is the daemon's end of the line, `__main__` the other; nothing is
imported here, so that the other end loads only what it reads with.
"""
