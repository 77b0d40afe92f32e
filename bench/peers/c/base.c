#include "base.h"

_Noreturn void fatal(const char* what, const char* why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

void* must_have(void* pointer) {
  if (pointer == NULL) fatal("allocate", "out of memory");
  return pointer;
}

void must(int status, const char* call) {
  if (status < 0) fatal(call, uv_strerror(status));
}

bool whole_number(const cJSON* json, int64_t least, int64_t* value) {
  if (!cJSON_IsNumber(json)) return false;
  const double number = json->valuedouble;
  if (!(number >= (double)least && number <= 9007199254740992.0)) return false;
  *value = (int64_t)number;
  return (double)*value == number;
}

const cJSON* json_field(const cJSON* object, const char* name) {
  return cJSON_GetObjectItemCaseSensitive(object, name);
}

const char* json_text(const cJSON* object, const char* name) {
  return cJSON_GetStringValue(json_field(object, name));
}

void json_add(cJSON* object, const char* name, cJSON* item) {
  if (!cJSON_AddItemToObject(object, name, must_have(item))) fatal("json_add", "out of memory");
}

void json_append(cJSON* array, cJSON* item) {
  if (!cJSON_AddItemToArray(array, must_have(item))) fatal("json_append", "out of memory");
}

double ms_of(uint64_t ns) { return (double)ns / 1e6; }

uint64_t ns_of(double ms) { return ms > 0 ? (uint64_t)(ms * 1e6) : 0; }

void to_hex(const unsigned char* bytes, size_t length, char* hex) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < length; i++) {
    *hex++ = digits[bytes[i] >> 4];
    *hex++ = digits[bytes[i] & 15];
  }
  *hex = '\0';
}
