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

	/* A chart is a slider over its bars, read out of the table below it. */
	document.querySelectorAll("figure.chart").forEach(function (figure) {
		const plot = figure.querySelector(".plot"), cursor = figure.querySelector(".cursor");
		const names = Array.from(figure.querySelectorAll("thead th"), function (th) { return th.textContent; });
		const rows = figure.querySelectorAll("tbody tr");
		const readout = figure.querySelector(".readout");
		const bar = Number(cursor.getAttribute("width"));
		let at = -1;

		function words(row) {
			const cells = Array.from(row.children, function (cell) { return cell.textContent; });
			const told = cells.slice(1).map(function (count, i) { return names[i + 1] + " " + count; })
				.filter(function (text, i) { return names.length === 2 || cells[i + 1] !== "0"; });
			return cells[0] + ": " + (told.join(", ") || "0");
		}
		function show(bar_at) {
			at = Math.max(0, Math.min(rows.length - 1, bar_at));
			cursor.setAttribute("x", String(at * bar));
			plot.classList.add("at");
			readout.textContent = words(rows[at]);
			plot.setAttribute("aria-valuenow", String(at));
			plot.setAttribute("aria-valuetext", readout.textContent);
		}
		function pointed(event) {
			const box = plot.getBoundingClientRect();
			show(Math.floor((event.clientX - box.left) / box.width * rows.length));
		}
		const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

		plot.setAttribute("role", "slider");
		plot.setAttribute("aria-valuemin", "0");
		plot.setAttribute("aria-valuemax", String(rows.length - 1));
		plot.setAttribute("aria-valuenow", "0");
		plot.setAttribute("aria-valuetext", words(rows[0]));
		plot.tabIndex = 0;
		plot.addEventListener("click", pointed);
		plot.addEventListener("pointermove", pointed);
		plot.addEventListener("keydown", function (event) {
			if (event.key in steps)
				show(at + steps[event.key]);
			else if (event.key === "Home")
				show(0);
			else if (event.key === "End")
				show(rows.length - 1);
			else
				return;
			event.preventDefault();
		});
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
