"""Taking one's data along: asked for, made in the background, downloaded, ended (VAULT EXP)."""
