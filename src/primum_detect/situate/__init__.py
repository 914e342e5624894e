"""Layer 3: whom the text speaks about and to, and what would help to recognise them."""
