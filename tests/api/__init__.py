"""The API without a server: who may call, what is refused, and in which words."""
