"""What prevention asks of a person, by age and what is recorded: dated tables, pure judgement."""
