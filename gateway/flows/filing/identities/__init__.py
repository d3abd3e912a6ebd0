"""An ADT judged: what the patient index learns, what it joins, and what a patient said."""
