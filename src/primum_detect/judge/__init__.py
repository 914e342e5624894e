"""Layer 4: what saying it confirms, asks for, or gives away. Each judge proposes; the rulebook decides."""
