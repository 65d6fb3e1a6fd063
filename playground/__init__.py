"""The Streamlit app: it chooses a Spec, advances a Run, and draws arrays."""
