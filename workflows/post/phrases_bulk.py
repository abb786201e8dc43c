"""What the letter about an undone act says."""

from models.vocabulary import LetterKind
from workflows.post.phrases import Template

BULK_LETTERS: dict[str, Template] = {
    "undone": Template(
        LetterKind.INFORMATION,
        (
            "此前的通知作废",
            (
                "{{ organization }}此前就该申报发出的处理通知已撤销，请以本通知为准；申报恢复到处理之前的环节。原因："
                "{{ reason }}"
            ),
        ),
        (
            "An earlier letter no longer holds",
            (
                "{{ organization }} has undone its earlier act on this application: it is back where it was. Reason: "
                "{{ reason }}"
            ),
        ),
    ),
}
