/* tests/tls_bytes.h - handshakes put together by hand from RFC 8446 section 4.1 and RFC 5246 section 7.4. */
#ifndef TESTS_TLS_BYTES_H
#define TESTS_TLS_BYTES_H

#define RANDOM "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"
#define RETRY                                                                   \
	"\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"      \
	"\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"

/* Names "sup"; supported_versions: GREASE, 1.3, 1.2. */
#define HELLO_BODY                                                              \
	"\3\3" RANDOM "\0" "\0\2\xc0\x2f" "\1\0" "\0\x17"                       \
	"\0\0\0\x08\0\6\0\0\3sup" "\0\x2b\0\7\6\x0a\x0a\3\4\3\3"
#define HELLO_MESSAGE "\1\0\0\x42" HELLO_BODY
#define HELLO "\x16\3\1\0\x46" HELLO_MESSAGE
#define OLD_HELLO "\x16\3\1\0\x2d\1\0\0\x29\3\1" RANDOM "\0" "\0\2\0\x2f" "\1\0"

#define SERVER_MESSAGE "\2\0\0\x26\3\3" RANDOM "\0" "\xc0\x2f" "\0"
#define SERVER_HELLO "\x16\3\3\0\x2a" SERVER_MESSAGE
#define SERVER13_BODY(random) "\3\3" random "\0" "\x13\1" "\0" "\0\6" "\0\x2b\0\2\3\4"
#define SERVER13(random) "\x16\3\3\0\x32\2\0\0\x2e" SERVER13_BODY(random)

/* Certificate of 10 bytes, ServerKeyExchange, CertificateRequest, ServerHelloDone. */
#define CERTIFICATE "\x16\3\3\0\x0e\x0b\0\0\x0a" "cccccccccc"
#define KEY_EXCHANGE "\x16\3\3\0\6\x0c\0\0\2kk"
#define CERTIFICATE_REQUEST "\x16\3\3\0\7\x0d\0\0\3\1\1\0"
#define DONE "\x16\3\3\0\4\x0e\0\0\0"
#define NO_CERTIFICATE "\x16\3\3\0\7\x0b\0\0\3\0\0\0"
#define CLIENT_KEY "\x16\3\3\0\6\x10\0\0\2kk"
#define CHANGE "\x14\3\3\0\1\1"
#define FINISHED "\x16\3\3\0\x28" TEN TEN TEN TEN
#define DATA "\x17\3\3\0\5aaaaa"
#define ALERT(level, description) "\x15\3\3\0\2" level description
#define HIDDEN_ALERT "\x15\3\3\0\x1a" "eeeeeeeeeeeeeeeeeeeeeeeeee"

/* TLS 1.3: records of the lengths of an alert (19), a Finished (53), an empty Certificate (25). */
#define TEN "0123456789"
#define ALERT13 "\x17\3\3\0\x13" TEN "123456789"
#define FINISHED13 "\x17\3\3\0\x35" TEN TEN TEN TEN TEN "123"
#define NO_CERTIFICATE13 "\x17\3\3\0\x19" TEN TEN "12345"
#define FLIGHT13 "\x17\3\3\0\x1e" TEN TEN TEN

#endif
