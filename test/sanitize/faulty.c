// An addon with one fault of each kind, so that a run proves first that its tool sees them.
#include <node_api.h>
#include <stdlib.h>

static napi_value lose(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  volatile char* lost = malloc(1234);
  lost[0] = 1;
  return NULL;
}

static napi_value use_freed(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  volatile char* gone = malloc(10);
  free((void*)gone);
  gone[1] = 2;
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "lose", NAPI_AUTO_LENGTH, lose, NULL, &function);
  napi_set_named_property(env, exports, "lose", function);
  napi_create_function(env, "useFreed", NAPI_AUTO_LENGTH, use_freed, NULL, &function);
  napi_set_named_property(env, exports, "useFreed", function);
  return exports;
}
