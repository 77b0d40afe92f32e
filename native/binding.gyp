{
  # In native/ and not at the top: a binding.gyp there makes npm build at install, unasked.
  # libuv is not linked: the addon binds to the symbols that the node executable itself exports.
  'targets': [
    {
      'target_name': 'loopdyno',
      'sources': [
        'src/addon.cc',
        'src/address.cc',
        'src/blocking_drive.cc',
        'src/buffer_pool.cc',
        'src/completions.cc',
        'src/file_job.cc',
        'src/file_read.cc',
        'src/file_write.cc',
        'src/guest_drive.cc',
        'src/handle.cc',
        'src/hot_buffer.cc',
        'src/io_loop.cc',
        'src/load_generator.cc',
        'src/private_loop.cc',
        'src/slab.cc',
        'src/tcp_server.cc',
        'src/tcp_stream.cc',
      ],
      'include_dirs': ['<!(node -p "require(\'node-addon-api\').include_dir")'],
      'defines': [
        'NAPI_VERSION=8',
        'NAPI_DISABLE_CPP_EXCEPTIONS',
        # In a worker that is being terminated nothing can be thrown any more: that must not abort.
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      ],
      'cflags': ['-Wall', '-Wextra', '-Wno-unused-parameter', '-Wno-cast-function-type'],
      'conditions': [
        ['OS=="mac"', {'xcode_settings': {'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES'}}],
        ['OS=="linux"', {'cflags': ['-fvisibility=hidden']}],
      ],
    },
  ],
}
