"""What is looked at in each kind of thing that a sender sends."""
