"""What an OpenID provider sent, judged: its description, its tokens, the person it names."""
