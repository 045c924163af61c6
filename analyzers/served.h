/* analyzers/served.h - what a server was seen to serve, so that a refusal can be held against it. */
#ifndef ANALYZERS_SERVED_H
#define ANALYZERS_SERVED_H

#include "analyzers/lately.h"
#include "analyzers/web.h"

enum { SERVED_CLIENTS = 2, SERVED_PATHS = 16, SERVED_HOSTS = 4, SERVED_TEXT = 80 };

struct served_path {
	char method[16];
	char path[SERVED_TEXT];
};

struct served {                         /* one server */
	uint64_t at[WSUS_PLACE_COUNT + 1];              /* answers other than refusals, by place */
	struct addr clients[WSUS_PLACE_COUNT + 1][SERVED_CLIENTS];      /* the first that differ */
	unsigned client_count[WSUS_PLACE_COUNT + 1];
	struct served_path paths[SERVED_PATHS];         /* the first that differ; content aside */
	unsigned path_count;
	char hosts[SERVED_HOSTS][SERVED_TEXT];          /* names it answered to */
	unsigned host_count;
};

struct served_map {
	struct lately servers;          /* server_key -> struct served */
	struct map tls_hosts;           /* addresses that speak TLS as update points do */
};

void served_init(struct served_map *m, struct limits *limits);         /* borrowed */
void served_release(struct served_map *m);
void served_fact(struct served_map *m, const struct fact *fact);

/* NULL: nothing seen of it. */
const struct served *served_by(const struct served_map *m, const struct server_key *server);
bool served_over_tls(const struct served_map *m, const struct addr *server);

/* Somebody was served at that place, and not `client`, as far as is known. */
bool served_to_others(const struct served *s, enum wsus_place place, const struct addr *client);
uint64_t served_soap(const struct served *s);

/* The path was served to another method than this one: its name; or NULL. */
const char *served_other_method(const struct served *s, const char *path, const char *method);

/* A name that the server answered to, if it never did to `host`; NULL. */
const char *served_other_host(const struct served *s, const char *host);

#endif
