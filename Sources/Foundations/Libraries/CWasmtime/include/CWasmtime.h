// SPDX-License-Identifier: Apache-2.0
// The part of wasmtime's C interface that Atoll calls, declared by hand for version 50.0.1.
//
// The library comes without headers (scripts/dependencies.txt pins it). Layouts changed between its
// major versions, so each one is asserted below; a symbol that does not exist fails the link.
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Things the library owns.
typedef struct wasm_config_t wasm_config_t;
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasm_exporttype_t wasm_exporttype_t;
typedef struct wasm_externtype_t wasm_externtype_t;
typedef struct wasm_functype_t wasm_functype_t;
typedef struct wasm_importtype_t wasm_importtype_t;
typedef struct wasm_memorytype_t wasm_memorytype_t;
typedef struct wasm_trap_t wasm_trap_t;
typedef struct wasm_valtype_t wasm_valtype_t;
typedef struct wasmtime_caller wasmtime_caller_t;
typedef struct wasmtime_context wasmtime_context_t;
typedef struct wasmtime_error wasmtime_error_t;
typedef struct wasmtime_instance_pre wasmtime_instance_pre_t;
typedef struct wasmtime_linker wasmtime_linker_t;
typedef struct wasmtime_module wasmtime_module_t;
typedef struct wasmtime_store wasmtime_store_t;

// Lists.
typedef struct { size_t size; char *data; } wasm_byte_vec_t;
typedef struct { size_t size; wasm_valtype_t **data; } wasm_valtype_vec_t;
typedef struct { size_t size; wasm_importtype_t **data; } wasm_importtype_vec_t;
typedef struct { size_t size; wasm_exporttype_t **data; } wasm_exporttype_vec_t;

// Names of things inside a store.
typedef struct { uint64_t store_id; void *private_pointer; } wasmtime_func_t;
typedef struct {
    struct { uint64_t store_id; uint32_t private_index; } inner;
    uint32_t private_index;
} wasmtime_memory_t;
typedef struct { uint64_t store_id; size_t private_index; } wasmtime_instance_t;
typedef struct {
    uint8_t kind;
    union { wasmtime_func_t func; wasmtime_memory_t memory; uint8_t largest[24]; } of;
} wasmtime_extern_t;

// A value without its type, as imports and exports pass it.
typedef union {
    int32_t i32;
    int64_t i64;
    float f32;
    double f64;
    uint8_t v128[16];
    void *reference;
} wasmtime_val_raw_t;

_Static_assert(sizeof(wasm_byte_vec_t) == 16, "wasmtime 50: lists are a size and a pointer");
_Static_assert(sizeof(wasmtime_func_t) == 16, "wasmtime 50: wasmtime_func_t");
_Static_assert(sizeof(wasmtime_memory_t) == 24, "wasmtime 50: wasmtime_memory_t");
_Static_assert(sizeof(wasmtime_instance_t) == 16, "wasmtime 50: wasmtime_instance_t");
_Static_assert(sizeof(wasmtime_extern_t) == 32, "wasmtime 50: wasmtime_extern_t");
_Static_assert(offsetof(wasmtime_extern_t, of) == 8, "wasmtime 50: wasmtime_extern_t.of");
_Static_assert(sizeof(wasmtime_val_raw_t) == 16, "wasmtime 50: wasmtime_val_raw_t");
_Static_assert(_Alignof(wasmtime_val_raw_t) == 8, "wasmtime 50: wasmtime_val_raw_t");

// Kinds (wasmtime_extern_t.kind, wasm_externtype_kind, wasm_valtype_kind).
enum { WASM_EXTERN_FUNC = 0, WASM_EXTERN_GLOBAL = 1, WASM_EXTERN_TABLE = 2, WASM_EXTERN_MEMORY = 3 };
enum { WASM_I32 = 0, WASM_I64 = 1, WASM_F32 = 2, WASM_F64 = 3 };
enum { WASMTIME_STRATEGY_CRANELIFT = 1 };
enum { WASMTIME_OPT_LEVEL_SPEED = 1 };
enum { WASMTIME_UPDATE_DEADLINE_CONTINUE = 0 };

// Traps (wasmtime_trap_code).
enum {
    WASMTIME_TRAP_STACK_OVERFLOW = 0,
    WASMTIME_TRAP_MEMORY_OUT_OF_BOUNDS = 1,
    WASMTIME_TRAP_TABLE_OUT_OF_BOUNDS = 3,
    WASMTIME_TRAP_INDIRECT_CALL_TO_NULL = 4,
    WASMTIME_TRAP_BAD_SIGNATURE = 5,
    WASMTIME_TRAP_INTEGER_OVERFLOW = 6,
    WASMTIME_TRAP_INTEGER_DIVISION_BY_ZERO = 7,
    WASMTIME_TRAP_BAD_CONVERSION_TO_INTEGER = 8,
    WASMTIME_TRAP_UNREACHABLE = 9,
    WASMTIME_TRAP_INTERRUPT = 10,
    WASMTIME_TRAP_OUT_OF_FUEL = 11,
};

// Settings. A configuration is taken over by the engine made from it.
wasm_config_t *wasm_config_new(void);
void wasm_config_delete(wasm_config_t *);
wasmtime_error_t *wasmtime_config_target_set(wasm_config_t *, const char *triple);
void wasmtime_config_cranelift_flag_enable(wasm_config_t *, const char *flag);
void wasmtime_config_cranelift_nan_canonicalization_set(wasm_config_t *, bool);
void wasmtime_config_cranelift_opt_level_set(wasm_config_t *, uint8_t);
void wasmtime_config_consume_fuel_set(wasm_config_t *, bool);
void wasmtime_config_epoch_interruption_set(wasm_config_t *, bool);
void wasmtime_config_gc_support_set(wasm_config_t *, bool);
void wasmtime_config_max_wasm_stack_set(wasm_config_t *, size_t);
void wasmtime_config_memory_guard_size_set(wasm_config_t *, uint64_t);
void wasmtime_config_memory_init_cow_set(wasm_config_t *, bool);
void wasmtime_config_memory_may_move_set(wasm_config_t *, bool);
void wasmtime_config_memory_reservation_set(wasm_config_t *, uint64_t);
void wasmtime_config_native_unwind_info_set(wasm_config_t *, bool);
void wasmtime_config_parallel_compilation_set(wasm_config_t *, bool);
void wasmtime_config_shared_memory_set(wasm_config_t *, bool);
void wasmtime_config_strategy_set(wasm_config_t *, uint8_t);
void wasmtime_config_wasm_bulk_memory_set(wasm_config_t *, bool);
void wasmtime_config_wasm_component_model_set(wasm_config_t *, bool);
void wasmtime_config_wasm_custom_page_sizes_set(wasm_config_t *, bool);
void wasmtime_config_wasm_exceptions_set(wasm_config_t *, bool);
void wasmtime_config_wasm_function_references_set(wasm_config_t *, bool);
void wasmtime_config_wasm_gc_set(wasm_config_t *, bool);
void wasmtime_config_wasm_memory64_set(wasm_config_t *, bool);
void wasmtime_config_wasm_multi_memory_set(wasm_config_t *, bool);
void wasmtime_config_wasm_multi_value_set(wasm_config_t *, bool);
void wasmtime_config_wasm_reference_types_set(wasm_config_t *, bool);
void wasmtime_config_wasm_relaxed_simd_deterministic_set(wasm_config_t *, bool);
void wasmtime_config_wasm_relaxed_simd_set(wasm_config_t *, bool);
void wasmtime_config_wasm_simd_set(wasm_config_t *, bool);
void wasmtime_config_wasm_stack_switching_set(wasm_config_t *, bool);
void wasmtime_config_wasm_tail_call_set(wasm_config_t *, bool);
void wasmtime_config_wasm_threads_set(wasm_config_t *, bool);
void wasmtime_config_wasm_wide_arithmetic_set(wasm_config_t *, bool);

// Memories made by the caller: an error from `new_memory` or `grow_memory` refuses.
typedef struct {
    void *env;
    uint8_t *(*get_memory)(void *env, size_t *byte_size, size_t *byte_capacity);
    wasmtime_error_t *(*grow_memory)(void *env, size_t new_size);
    void (*finalizer)(void *env);
} wasmtime_linear_memory_t;
typedef struct {
    void *env;
    wasmtime_error_t *(*new_memory)(
        void *env, const wasm_memorytype_t *, size_t minimum, size_t maximum,
        size_t reserved_size_in_bytes, size_t guard_size_in_bytes, wasmtime_linear_memory_t *);
    void (*finalizer)(void *env);
} wasmtime_memory_creator_t;
_Static_assert(sizeof(wasmtime_linear_memory_t) == 32, "wasmtime 50: wasmtime_linear_memory_t");
_Static_assert(sizeof(wasmtime_memory_creator_t) == 24, "wasmtime 50: wasmtime_memory_creator_t");
void wasmtime_config_host_memory_creator_set(wasm_config_t *, wasmtime_memory_creator_t *);

// Engines and modules: free of threads, shared by all of them.
wasm_engine_t *wasm_engine_new_with_config(wasm_config_t *);
void wasm_engine_delete(wasm_engine_t *);
void wasmtime_engine_increment_epoch(wasm_engine_t *);
wasmtime_error_t *wasmtime_wat2wasm(const char *text, size_t, wasm_byte_vec_t *out);
wasmtime_error_t *wasmtime_module_validate(wasm_engine_t *, const uint8_t *, size_t);
wasmtime_error_t *wasmtime_module_new(
    wasm_engine_t *, const uint8_t *, size_t, wasmtime_module_t **out);
void wasmtime_module_delete(wasmtime_module_t *);
void wasmtime_module_image_range(const wasmtime_module_t *, void **start, void **end);
void wasmtime_module_imports(const wasmtime_module_t *, wasm_importtype_vec_t *out);
void wasmtime_module_exports(const wasmtime_module_t *, wasm_exporttype_vec_t *out);

// Types; what is returned as const belongs to what it was asked of.
void wasm_byte_vec_delete(wasm_byte_vec_t *);
void wasm_importtype_vec_delete(wasm_importtype_vec_t *);
void wasm_exporttype_vec_delete(wasm_exporttype_vec_t *);
const wasm_byte_vec_t *wasm_importtype_module(const wasm_importtype_t *);
const wasm_byte_vec_t *wasm_importtype_name(const wasm_importtype_t *);
const wasm_externtype_t *wasm_importtype_type(const wasm_importtype_t *);
const wasm_byte_vec_t *wasm_exporttype_name(const wasm_exporttype_t *);
const wasm_externtype_t *wasm_exporttype_type(const wasm_exporttype_t *);
uint8_t wasm_externtype_kind(const wasm_externtype_t *);
const wasm_functype_t *wasm_externtype_as_functype_const(const wasm_externtype_t *);
const wasm_valtype_vec_t *wasm_functype_params(const wasm_functype_t *);
const wasm_valtype_vec_t *wasm_functype_results(const wasm_functype_t *);
wasm_valtype_t *wasm_valtype_new(uint8_t kind);
uint8_t wasm_valtype_kind(const wasm_valtype_t *);
void wasm_valtype_vec_new(wasm_valtype_vec_t *out, size_t, wasm_valtype_t *const *);
wasm_functype_t *wasm_functype_new(wasm_valtype_vec_t *params, wasm_valtype_vec_t *results);
void wasm_functype_delete(wasm_functype_t *);

// Linking.
typedef wasm_trap_t *(*wasmtime_func_unchecked_callback_t)(
    void *env, wasmtime_caller_t *, wasmtime_val_raw_t *args_and_results, size_t count);
wasmtime_linker_t *wasmtime_linker_new(wasm_engine_t *);
void wasmtime_linker_delete(wasmtime_linker_t *);
wasmtime_error_t *wasmtime_linker_define_func_unchecked(
    wasmtime_linker_t *, const char *module, size_t, const char *name, size_t,
    const wasm_functype_t *, wasmtime_func_unchecked_callback_t, void *env,
    void (*finalizer)(void *env));
wasmtime_error_t *wasmtime_linker_instantiate_pre(
    const wasmtime_linker_t *, const wasmtime_module_t *, wasmtime_instance_pre_t **out);
void wasmtime_instance_pre_delete(wasmtime_instance_pre_t *);
wasmtime_error_t *wasmtime_instance_pre_instantiate(
    const wasmtime_instance_pre_t *, wasmtime_context_t *, wasmtime_instance_t *,
    wasm_trap_t **);

// Stores: one a run, used by one thread.
wasmtime_store_t *wasmtime_store_new(wasm_engine_t *, void *data, void (*finalizer)(void *));
void wasmtime_store_delete(wasmtime_store_t *);
wasmtime_context_t *wasmtime_store_context(wasmtime_store_t *);
void wasmtime_store_limiter(
    wasmtime_store_t *, int64_t memory_bytes, int64_t table_elements, int64_t instances,
    int64_t tables, int64_t memories);
void *wasmtime_context_get_data(const wasmtime_context_t *);
wasmtime_error_t *wasmtime_context_set_fuel(wasmtime_context_t *, uint64_t);
wasmtime_error_t *wasmtime_context_get_fuel(const wasmtime_context_t *, uint64_t *);
void wasmtime_context_set_epoch_deadline(wasmtime_context_t *, uint64_t ticks_beyond_current);
void wasmtime_store_epoch_deadline_callback(
    wasmtime_store_t *,
    wasmtime_error_t *(*ask)(
        wasmtime_context_t *, void *data, uint64_t *deadline_delta, uint8_t *update_kind),
    void *data, void (*finalizer)(void *));
bool wasmtime_instance_export_get(
    wasmtime_context_t *, const wasmtime_instance_t *, const char *name, size_t,
    wasmtime_extern_t *);
wasmtime_error_t *wasmtime_func_call_unchecked(
    wasmtime_context_t *, const wasmtime_func_t *, wasmtime_val_raw_t *, size_t, wasm_trap_t **);
bool wasmtime_caller_export_get(
    wasmtime_caller_t *, const char *name, size_t, wasmtime_extern_t *);
wasmtime_context_t *wasmtime_caller_context(wasmtime_caller_t *);
uint8_t *wasmtime_memory_data(const wasmtime_context_t *, const wasmtime_memory_t *);
size_t wasmtime_memory_data_size(const wasmtime_context_t *, const wasmtime_memory_t *);

// Refusals and traps.
wasmtime_error_t *wasmtime_error_new(const char *);
void wasmtime_error_message(const wasmtime_error_t *, wasm_byte_vec_t *out);
void wasmtime_error_delete(wasmtime_error_t *);
wasm_trap_t *wasmtime_trap_new(const char *, size_t);
bool wasmtime_trap_code(const wasm_trap_t *, uint8_t *code);
void wasm_trap_message(const wasm_trap_t *, wasm_byte_vec_t *out);
void wasm_trap_delete(wasm_trap_t *);

// From the C library, whose header hides it from plain C: where a thread's stack lies, which must
// be known before code that may fill it is called.
int pthread_getattr_np(pthread_t, pthread_attr_t *);
