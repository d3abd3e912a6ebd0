"""« Télécharger mes données »: the page, the download, and the files of the copy in French."""
