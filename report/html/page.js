"use strict";
(function () {
	const said = document.getElementById("said");
	let quiet;

	function say(text) {
		said.textContent = text;
		clearTimeout(quiet);
		quiet = setTimeout(function () { said.textContent = ""; }, 4000);
	}

	function mark(element) {
		const range = document.createRange();
		range.selectNodeContents(element);
		const selection = getSelection();
		selection.removeAllRanges();
		selection.addRange(range);
	}

	/* A page from a mail may not be let near the clipboard: then the text is marked, to be copied by hand. */
	function copy(code) {
		const text = document.body.dataset;
		function by_hand() {
			mark(code);
			say(document.execCommand("copy") ? text.copied : text.press);
		}
		if (navigator.clipboard)
			navigator.clipboard.writeText(code.textContent).then(function () { say(text.copied); }, by_hand);
		else
			by_hand();
	}

	document.querySelectorAll("button.copy").forEach(function (button) {
		button.hidden = false;
		button.addEventListener("click", function () { copy(button.parentNode.querySelector("code")); });
	});

	/* A link to what is folded away unfolds it. */
	function unfold() {
		const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
		if (target instanceof HTMLDetailsElement)
			target.open = true;
	}
	addEventListener("hashchange", unfold);
	unfold();

	/* Paper cannot be unfolded. */
	let folded = [];
	addEventListener("beforeprint", function () {
		folded = Array.from(document.querySelectorAll("details:not([open])"));
		folded.forEach(function (details) { details.open = true; });
	});
	addEventListener("afterprint", function () {
		folded.forEach(function (details) { details.open = false; });
	});
})();
