"""Pictures of measurements: `prepare` picks exactly what is drawn, `draw` makes the figure, `words` says it in text.

The same figures serve still pages and the live one, where later frames carry only the arrays that `live` names.
"""
