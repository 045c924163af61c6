// What a reader does with a page, in Chromium: node pages.js CHROMIUM DIR
//
// Each page of DIR/pages is opened at two widths, light and dark: it asks for nothing, says nothing on the console,
// fits, and everything on it works by pointer and by keyboard; axe-core looks for what shuts people out.
"use strict";
const fs = require("fs"), path = require("path"), { pathToFileURL } = require("url");
const puppeteer = require("puppeteer-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [chromium, dir] = process.argv.slice(2);
const SHOTS = ["auth-401-final", "squid-407-ntlm-refused", "fifty-clients", "name-unanswered", "healthy-through-proxy-tls",
	"both-sides-of-router", "too-many-trips", "mtu-black-hole", "tls-aborted", "large", "content-in-pieces", "idle-cut"];
const LARGE_BYTES = 20e6, LARGE_PAINT_MS = 2000, LINKS_CLICKED = 12;
let passed = 0, failed = 0;

function check(page, what, good, detail) {
	if (good) {
		passed++;
	} else {
		failed++;
		console.log(`  FAILED ${page}: ${what}${detail ? ": " + detail : ""}`);
	}
}

// Every link leads somewhere on the page, by a click and by Enter.
async function links(page, name) {
	const all = await page.$$("a[href]");
	const wrong = await page.$$eval("a[href]", (list) => list.map((a) => a.getAttribute("href"))
		.filter((href) => !/^#/.test(href) || !document.getElementById(href.slice(1))));
	check(name, "each link leads to a place on the page", wrong.length === 0, wrong.join(" "));
	let dead = [];
	for (const [i, link] of all.slice(0, LINKS_CLICKED).entries()) {
		const href = await link.evaluate((a) => a.getAttribute("href"));
		await page.evaluate(() => history.replaceState(null, "", location.pathname));
		if (i % 2) {
			await link.focus();
			await page.keyboard.press("Enter");
		} else {
			await link.evaluate((a) => a.scrollIntoView({ block: "center", behavior: "instant" }));
			if (href === "#main")
				await link.focus();
			await link.click();
		}
		const there = await page.evaluate((id) => location.hash === id, href);
		if (!there)
			dead.push(href);
	}
	check(name, "links work", dead.length === 0, dead.join(" "));
}

async function charts(page, name) {
	for (const figure of await page.$$("figure.chart")) {
		const id = await figure.evaluate((f) => f.id);
		const plot = await figure.$(".plot");
		const told = () => figure.$eval(".readout", (p) => p.textContent);
		await plot.evaluate((p) => p.scrollIntoView({ block: "center", behavior: "instant" }));
		await plot.click();
		check(name, `${id} tells of the bar that is clicked`, (await told()) !== "");
		await plot.focus();
		await page.keyboard.press("Home");
		const first = await told();
		const bars = await figure.$$eval("tbody tr", (rows) => rows.length);
		await page.keyboard.press("ArrowRight");
		check(name, `${id} goes from bar to bar by keys`, bars < 2 || (await told()) !== first);
		const colours = await figure.$$eval(".plot path", (paths) =>
			paths.filter((p) => p.getAttribute("d") && p.getBBox().height > 0).length);
		check(name, `${id} has bars`, colours > 0);
	}
}

async function folds(page, name) {
	const wrong = [];
	for (const [i, details] of (await page.$$("details")).entries()) {
		const summary = await details.$("summary");
		const open = () => details.evaluate((d) => d.open);
		const before = await open();
		await summary.evaluate((s) => s.scrollIntoView({ block: "center", behavior: "instant" }));
		await summary.click();
		const clicked = await open();
		await summary.focus();
		await page.keyboard.press("Enter");
		if (clicked === before || (await open()) !== before)
			wrong.push(i);
	}
	check(name, "folded parts open and close", wrong.length === 0, wrong.join(" "));
}

async function copies(page, name) {
	const buttons = await page.$$("button.copy");
	const filters = await page.$$eval(".filter code", (codes) => codes.filter((c) => !c.textContent).length);
	check(name, "no filter is empty", filters === 0);
	for (const [i, button] of buttons.slice(0, 4).entries()) {
		await page.$eval("#said", (p) => { p.textContent = ""; });
		await button.evaluate((b) => b.scrollIntoView({ block: "center", behavior: "instant" }));
		if (i % 2) {
			await button.focus();
			await page.keyboard.press("Enter");
		} else {
			await button.click();
		}
		const said = await page.waitForFunction(() => document.getElementById("said").textContent, { timeout: 3000 })
			.then(() => true, () => false);
		check(name, "the filter is copied, or marked to be copied", said);
	}
}

async function accessible(page, name) {
	await page.evaluate(axe);
	const result = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
	const serious = result.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
	check(name, "axe finds nothing serious", serious.length === 0,
		serious.map((v) => `${v.id} at ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")}`).join("; "));
}

async function fits(page, name) {
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	check(name, "nothing sticks out sideways", wide <= 0, `${wide} pixels`);
}

async function shoot(page, name, width, scheme) {
	if (!SHOTS.includes(name) && !process.env.ONLY)
		return;
	const seen = page.viewport();
	const tall = await page.evaluate(() => document.documentElement.scrollHeight);
	// What is out of sight is not painted.
	await page.setViewport({ ...seen, height: Math.min(tall, 5000) });
	await page.screenshot({ path: path.join(dir, "shots", `${name}-${width}-${scheme}.png`) });
	await page.setViewport(seen);
}

async function large(page, name, file) {
	const bytes = fs.statSync(file).size;
	const entry = await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint")[0]);
	const paint = await entry.evaluate((e) => e.startTime);
	console.log(`  ${name}: ${(bytes / 1e6).toFixed(2)} MB, first paint after ${Math.round(paint)} ms`);
	check(name, "it is below 20 MB", bytes < LARGE_BYTES);
	check(name, "the first paint comes within 2 s", paint < LARGE_PAINT_MS);
}

async function visit(browser, file) {
	const name = path.basename(file, ".html");
	const page = await browser.newPage();
	const noise = [], asked = [];
	page.on("console", (message) => noise.push(message.text()));
	page.on("pageerror", (error) => noise.push(String(error)));
	page.on("request", (request) => asked.push(request.url()));
	await page.setViewport({ width: 1280, height: 900 });
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }, { name: "prefers-reduced-motion", value: "reduce" }]);
	await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
	if (name === "large")
		await large(page, name, file);
	await fits(page, name);
	await shoot(page, name, 1280, "light");
	await accessible(page, name);
	await links(page, name);
	await charts(page, name);
	await folds(page, name);
	await copies(page, name);
	await page.evaluate(() => scrollTo(0, 0));
	await page.setViewport({ width: 390, height: 844, isMobile: true });
	await fits(page, name + " on a phone");
	await shoot(page, name, 390, "light");
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
	await shoot(page, name, 390, "dark");
	await page.setViewport({ width: 1280, height: 900 });
	await shoot(page, name, 1280, "dark");
	if (SHOTS.includes(name) || process.env.ONLY)
		await accessible(page, name + " in the dark");
	check(name, "nothing is said on the console", noise.length === 0, noise[0]);
	const others = asked.filter((url) => url.split("#")[0] !== asked[0]);
	check(name, "nothing is asked for", others.length === 0, others.slice(0, 2).join(" "));
	await page.close();
}

async function main() {
	const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
	const files = fs.readdirSync(path.join(dir, "pages")).filter((f) => f.endsWith(".html")).sort();
	for (const file of files)
		await visit(browser, path.join(dir, "pages", file)).catch((error) => check(file, "it can be used", false, error.message));
	await browser.close();
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(files.length && !failed ? 0 : 1);
}

main();
