// Streamlit has no translations of its own: its few fixed English labels are put into Chinese here.
(() => {
  if (!document.documentElement.lang.startsWith("zh")) return;
  const words = new Map(Object.entries({
    "Upload": "上传", "Browse files": "选择文件", "Drag and drop file here": "把文件拖到这里",
    "Drag and drop files here": "把文件拖到这里", "Choose an option": "请选择", "Choose options": "请选择",
    "Select an option": "请选择", "No results": "没有结果", "No options to select": "没有可选项",
    "Connecting": "正在连接", "Running...": "正在运行…", "Stop": "停止",
    "Connection error": "连接中断", "Page not found": "找不到页面", "Close": "关闭", "Cancel": "取消",
    "Press Enter to apply": "按回车生效", "Press Ctrl+Enter to apply": "按 Ctrl+回车生效",
    "Press Enter to submit form": "按回车提交", "Press Ctrl+Enter to submit form": "按 Ctrl+回车提交",
    "This field is required": "此项必填", "Search": "搜索", "Download as CSV": "下载 CSV",
    "Fullscreen": "全屏", "Close fullscreen": "退出全屏", "Show/hide columns": "显示或隐藏列",
    "Clear value": "清空", "Clear all": "全部清空", "empty": "空", "Open sidebar": "打开侧栏",
    "Close sidebar": "收起侧栏", "Copy to clipboard": "复制", "Sort ascending": "升序", "Sort descending": "降序",
    "Pin column": "固定列", "Unpin column": "取消固定", "Hide column": "隐藏列", "Autosize": "自动列宽",
    "View more": "查看更多", "View less": "收起", "Remove file": "移除文件", "Show password text": "显示密码",
    "Hide password text": "隐藏密码", "Help": "说明",
    "Show password": "显示密码", "Hide password": "隐藏密码", "Link to heading": "本标题的链接", "Open": "展开",
    "Choose date": "选择日期", "file upload": "上传文件", "Increment": "增加", "Decrement": "减少", "progress": "进度",
    "Clear selection": "取消选择", "Select all": "全选", "yyyy": "年", "mm": "月", "dd": "日",
    "Add files": "添加文件"
  }));
  const patterns = [
    [/^Limit (\d+)\s?(MB|GB) per file(.*)$/, "每个文件不超过 $1 $2$3"],
    [/^(\d+)\s?(MB|GB) per file(.*)$/, "每个文件不超过 $1 $2$3"],
    [/^File must be ([\d.]+)\s?(B|KB|MB|GB) or smaller\.?$/, "文件太大，没有上传：不能超过 $1 $2"],
    [/^(.+) files are not allowed\.?$/, "不接受这种文件，没有上传"],
    [/^(?:AxiosError: )?Request failed with status code 413$/, "文件太大，没有上传"],
    [/^(?:AxiosError: )?Request failed with status code 429$/, "上传的文件太多，没有上传，请稍后再试"],
    [/^(?:AxiosError: )?Request failed with status code \d+$/, "没有上传，请刷新页面后再试"],
    [/^(?:AxiosError: )?Network Error$/, "网络中断，没有上传，请再试"],
    [/^(\d+)\/(\d+) characters$/, "$1/$2 字"],
    [/^Remove (.+)$/, "移除 $1"],
    [/^View (\d+) more$/, "还有$1项"],
    [/^Help for (.+)$/, "$1的说明"],
    [/^Shortcut (.+)$/, "快捷键 $1"],
    [/^year, (.+)$/, "年，$1"],
    [/^month, (.+)$/, "月，$1"],
    [/^day, (.+)$/, "日，$1"]
  ];
  const labels = ["aria-label", "title", "placeholder"];
  const said = (text) => {
    const key = text.trim();
    if (words.has(key)) return text.replace(key, words.get(key));
    for (const [pattern, answer] of patterns) if (pattern.test(key)) return key.replace(pattern, answer);
    const [tool, ...named] = key.split(": ");  // a table's tools carry its name
    if (named.length && words.has(tool)) return `${words.get(tool)}：${named.join(": ")}`;
    return text;
  };
  // What people wrote is never touched: only Streamlit's own furniture is looked at.
  const written = "[data-testid=stMarkdownContainer],[data-testid=stText],textarea,pre,code,canvas";
  const uploader = "[data-testid=stFileUploaderDropzone]";
  const put = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.parentElement?.closest(written) && !node.parentElement.closest(uploader)) return;
      const next = said(node.data);
      if (next !== node.data) node.data = next;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const label of labels) {
      const text = node.getAttribute(label);
      if (text && said(text) !== text) node.setAttribute(label, said(text));
    }
    for (const child of node.childNodes) put(child);
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(put);
      else put(change.target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: labels
  });
})();
