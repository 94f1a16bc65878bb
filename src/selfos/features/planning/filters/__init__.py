"""The filter language: text to a tree (`reading`), back (`writing`), and to SQL (`compiling`).

One language for saved filters, the search box and `?q=`. What may be asked of one kind of row is
a table of `Fields`; another slice brings its own and uses the same reader.
"""
