/* veil/certwords.c - which words stay. */
#include "veil/certwords.h"

#include "facts/inspectors.h"

/* Authorities of the public, and what any authority is called by. */
#define WORDS(X)                                                                                        \
	X("DigiCert") X("Microsoft") X("VeriSign") X("GlobalSign") X("Let's") X("Encrypt") X("Entrust") \
	X("Sectigo") X("Comodo") X("USERTrust") X("GoDaddy") X("Google") X("Amazon") X("Baltimore")     \
	X("CyberTrust") X("Thawte") X("GeoTrust") X("Symantec") X("IdenTrust") X("ISRG") X("Starfield") \
	X("Cloudflare") X("DST") X("Internet") X("Widgits") X("Pty") X("Security") X("Research")        \
	X("CA") X("Root") X("Certificate") X("Certification") X("Authority") X("Issuing") X("Issuer")   \
	X("Intermediate") X("Sub") X("Subordinate") X("Policy") X("Class") X("Public") X("Primary")     \
	X("Global") X("Trust") X("Network") X("Services") X("Service") X("Server") X("Client")          \
	X("Secure") X("SSL") X("TLS") X("RSA") X("ECC") X("ECDSA") X("SHA1") X("SHA2") X("SHA256")      \
	X("SHA384") X("SHA-1") X("SHA-2") X("SHA-256") X("Inc") X("Ltd") X("Limited") X("LLC")          \
	X("GmbH") X("AG") X("Corporation") X("Company") X("and") X("of") X("the") X("for")    \
	X("Self") X("Signed") X("Self-Signed") X("Domain") X("Validation") X("Validated")               \
	X("Extended") X("Update") X("Updates") X("Windows") X("Product") X("Code") X("Signing")         \
	X("Production") X("Timestamping") X("Proxy") X("Gateway") X("Inspection") X("Interception")     \
	X("Decryption") X("Web") X("Computer") X("Machine") X("User") X("Template") X("WebServer")      \
	X("Generated") X("OpenSSL") X("Computers") X("Users")

static bool stays(struct span word)
{
	static const struct span words[] = {
#define X(word) SPAN_LIT(word),
		WORDS(X)
#undef X
	};
	enum { TELLING = 3 };           /* "2", "R3", "G2": shorter ones number things */

	if (word.len < TELLING)
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_ieq(word, words[i]))
			return true;
	return false;
}

static bool in_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80 ||
	       (c && strchr("-_.@\\$'", c));
}

static void put_word(struct names *n, struct span word, uint8_t *to)
{
	if (stays(word) || names_address_text(n, word, to))
		return;
	if (span_byte(word, '@') != SIZE_MAX || span_byte(word, '\\') != SIZE_MAX)
		names_user(n, word, to);
	else
		names_host(n, word, to);
}

void certwords_put(struct names *n, struct span text, uint8_t *to)
{
	size_t len = 0;

	if (text.len)
		memmove(to, text.at, text.len);
	while (text.len) {
		size_t known = inspector_at(text);
		struct span word = span_of(text.at, 0);

		while (!known && word.len < text.len && in_word(text.at[word.len]))
			word.len++;
		len = known ? known : word.len ? word.len : 1;
		while (word.len && (word.at[word.len - 1] == '.' || word.at[word.len - 1] == '\''))
			word.len--;
		if (word.len)
			put_word(n, word, to);
		to += len;
		text = span_skip(text, len);
	}
}
