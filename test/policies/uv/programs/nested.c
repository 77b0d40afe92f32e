// An addon as deasync is one: runs Node's loop from within a call, until there is nothing ready.
#include <node_api.h>
#include <uv.h>

static napi_value spin(napi_env env, napi_callback_info info) {
  (void)info;
  uv_loop_t* loop;
  napi_get_uv_event_loop(env, &loop);
  for (int i = 0; i < 10; i++) uv_run(loop, UV_RUN_NOWAIT);
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "spin", NAPI_AUTO_LENGTH, spin, NULL, &function);
  return function;
}
