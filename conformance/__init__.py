"""The kit that speaks to any gateway, or listens to any sender, by wire only.

It knows the published requirements and nothing of a gateway's code: it makes its own messages,
reads the answers with its own eyes and names the clause of each thing that it judges.
"""
