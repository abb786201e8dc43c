"""What became of a letter and why, said to administrators; `reason` holds the mail server's own words."""

from collections.abc import Mapping

from models.labels import Pair

POST: Mapping[str, Pair] = {
    # For good.
    "address_unknown": (
        "邮件服务器说没有这个收件地址[（{reason}）]。请核对收件人的邮箱。",
        "The mail server knows no such address[ ({reason})]. Please check the reader's address.",
    ),
    "address_not_supported": (
        "邮件服务器不支持这个收件地址中的字符[（{reason}）]。请改用只含英文字母和数字的邮箱。",
        "The mail server does not take the letters of this address[ ({reason})]. Please use a plain one.",
    ),
    "address_broken": (
        "收件地址的写法不对[（{reason}）]，没有寄出。请更正收件人的邮箱。",
        "The address is not written as one[ ({reason})], so nothing was sent. Please correct it.",
    ),
    "mailbox_full": (
        "收件人的邮箱已满[（{reason}）]。请通知收件人清理邮箱。",
        "The reader's mailbox is full[ ({reason})]. Please ask them to make room.",
    ),
    "letter_refused": (
        "邮件服务器拒收这封通知[（{reason}）]。请邮件服务器管理员查看原因。",
        "The mail server refused this letter[ ({reason})]. Please ask its administrator why.",
    ),
    "letter_unwritable": (
        "这封通知无法写成[（{reason}）]。请联系系统管理员。",
        "This letter could not be put into words[ ({reason})]. Please ask an administrator.",
    ),
    "superseded": (
        "还没有寄出，情况已有变化，或同样的通知已在待寄之列，这封不再寄。",
        "Before it left things changed, or the same letter was waiting already, so it is not sent.",
    ),
    "not_wanted": (
        "收件人选择不收这类邮件，这封只在系统内可见。",
        "The reader asked for no mail of this kind; it can be read in the system only.",
    ),
    # For a while.
    "letter_delayed": (
        "邮件服务器暂时没有收下这封通知[（{reason}）]。稍后会自动重试。",
        "The mail server did not take this letter yet[ ({reason})]. It will be tried again by itself.",
    ),
    "line_dropped": (
        "邮件服务器中途断开了连接[（{reason}）]，不知道是否收下。稍后会自动重试。",
        "The mail server dropped the line[ ({reason})] and may have the letter. It will be tried again by itself.",
    ),
    "server_silent": (
        "邮件服务器长时间没有响应[（{reason}）]。稍后会自动重试；如一直如此，请检查邮件服务器。",
        "The mail server stopped answering[ ({reason})]. It will be tried again; if this goes on, check the server.",
    ),
    # For all letters.
    "sender_refused": (
        "邮件服务器不接受本系统的发信地址[（{reason}）]。请检查设置 SHENBAO_MAIL_FROM。",
        "The mail server does not take our own address[ ({reason})]. Please check SHENBAO_MAIL_FROM.",
    ),
    "server_unreachable": (
        "连接不上邮件服务器[（{reason}）]。请检查服务器是否开着，以及设置 SHENBAO_SMTP_HOST 和 SHENBAO_SMTP_PORT。",
        "The mail server cannot be reached[ ({reason})]. Is it running? Check SHENBAO_SMTP_HOST and SHENBAO_SMTP_PORT.",
    ),
    "server_turns_away": (
        "邮件服务器不接受连接[（{reason}）]。稍后会自动重试；如一直如此，请联系其管理员。",
        "The mail server turns us away[ ({reason})]. It will be tried again; if this goes on, ask its administrator.",
    ),
    "mail_sign_in": (
        "登录邮件服务器失败[（{reason}）]。请检查设置 SHENBAO_SMTP_USER 和 SHENBAO_SMTP_PASSWORD。",
        "Signing in at the mail server failed[ ({reason})]. Please check SHENBAO_SMTP_USER and SHENBAO_SMTP_PASSWORD.",
    ),
    "mail_not_secure": (
        "与邮件服务器不能建立加密连接[（{reason}）]。请检查设置 SHENBAO_SMTP_STARTTLS 和服务器证书。",
        "No safe line to the mail server[ ({reason})]. Please check SHENBAO_SMTP_STARTTLS and its certificate.",
    ),
    "mail_disk_full": (
        "存放信件的磁盘已满[（{reason}）]。请腾出空间，信件会自动重新存入。",
        "The disk of the mail folder is full[ ({reason})]. Please make room; the letters follow by themselves.",
    ),
    "mail_folder": (
        "不能写入存放信件的文件夹[（{reason}）]。请检查数据目录下 mail 的权限。",
        "The mail folder cannot be written[ ({reason})]. Please check the rights of mail in the data folder.",
    ),
}
