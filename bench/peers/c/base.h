// What every file here needs. It must be included first: uv.h wants more than plain C11 declares.
#ifndef PEER_BASE_H_
#define PEER_BASE_H_

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

// Prints the reason on standard error and exits; the harness shows both. Only for errors after
// which the process cannot go on. All other errors are answered, and the process lives on.
_Noreturn void fatal(const char* what, const char* why);

// Returns the pointer, which must not be NULL.
void* must_have(void* pointer);

// For calls that fail only if the program is wrong, or the system out of resources.
void must(int status, const char* call);

// Stores a whole number from `least` to 2^53 in `*value`; false if `json`, which may be NULL, is
// none.
bool whole_number(const cJSON* json, int64_t least, int64_t* value);

// Returns the field `name`, or NULL; and its text, or NULL if it is no text.
const cJSON* json_field(const cJSON* object, const char* name);
const char* json_text(const cJSON* object, const char* name);

// Puts `item`, just created, into an object or at the end of an array.
void json_add(cJSON* object, const char* name, cJSON* item);
void json_append(cJSON* array, cJSON* item);

double ms_of(uint64_t ns);
uint64_t ns_of(double ms);

enum { kSha1 = 20, kSha256 = 32 };

// Writes `bytes` in hex, and a NUL.
void to_hex(const unsigned char* bytes, size_t length, char* hex);

#endif
