"""How Sightline looks: base page, components, forms, the gallery, charts, and the document model.

Owns: templates under `design/`, styles and scripts, `charts` (a description becomes SVG and a
table), `documents` (a content tree becomes HTML, tagged PDF and Word) and `console` (what commands
print).
Must not know: any word of the domain.
"""
