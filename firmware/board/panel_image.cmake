# How programs for the panel's chips are built: with the cross compiler of Debian's gcc-arm-none-eabi, without
# a run-time library.
find_program(MAILROOM_ARM_GXX arm-none-eabi-g++ DOC "Compiler for the panel's chips")
find_package(Python3 COMPONENTS Interpreter)
set(MAILROOM_PANEL_IMAGES OFF)
if(MAILROOM_ARM_GXX AND Python3_FOUND)
  set(MAILROOM_PANEL_IMAGES ON)
endif()

set(panel_firmware ${PROJECT_SOURCE_DIR}/firmware)
set(panel_logic
  protocol/frame.cpp protocol/messages.cpp panel/canvas.cpp panel/font.cpp panel/keys.cpp panel/panel.cpp
  panel/press_store.cpp panel/screen.cpp board/common/cortex_m.cpp board/common/image.cpp
  board/common/key_samples.cpp)
list(TRANSFORM panel_logic PREPEND ${panel_firmware}/)
set(panel_flags
  -std=c++20 -Os -g -mthumb -mfloat-abi=soft -ffreestanding -fno-exceptions -fno-rtti -fno-threadsafe-statics
  -fno-tree-loop-distribute-patterns -ffunction-sections -fdata-sections -fcallgraph-info=su
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -Wall -Wextra -Werror -Wshadow)
set(panel_flash_limit 32768)
set(panel_ram_limit 8192)

# panel_link(NAME BOARD CPU sources...): NAME.elf for a board, of the logic and the sources (absolute paths).
# Sets panel_graphs: the call graphs of its object files.
function(panel_link name board cpu)
  set(objects)
  set(graphs)
  foreach(file ${panel_logic} ${ARGN})
    file(RELATIVE_PATH place ${PROJECT_SOURCE_DIR} ${file})
    string(REPLACE "/" "_" object ${place}.o)
    set(object ${name}/${object})
    add_custom_command(OUTPUT ${object}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${name}
      COMMAND ${MAILROOM_ARM_GXX} ${panel_flags} -mcpu=${cpu} -I${PROJECT_SOURCE_DIR} -MD -MF ${object}.d
              -c ${file} -o ${object}
      DEPENDS ${file} DEPFILE ${object}.d COMMENT "Compiling ${place} for ${board}")
    list(APPEND objects ${object})
    string(REGEX REPLACE "\\.o$" ".ci" graph ${object})
    list(APPEND graphs ${graph})
  endforeach()
  set(script ${panel_firmware}/board/common/cortex_m.ld)
  add_custom_command(OUTPUT ${name}.elf
    COMMAND ${MAILROOM_ARM_GXX} -mcpu=${cpu} -mthumb -nostdlib -nostartfiles -Wl,--gc-sections -Wl,--fatal-warnings
            -Wl,-T,${script} -L${panel_firmware}/board/${board} ${objects} -lgcc -o ${name}.elf
    DEPENDS ${objects} ${script} ${panel_firmware}/board/${board}/memory.ld COMMENT "Linking ${name}.elf")
  set(panel_graphs ${graphs} PARENT_SCOPE)
endfunction()

# panel_image(BOARD CPU sources...): panel-BOARD.elf and .bin, finished and measured; sources of the board's folder.
function(panel_image board cpu)
  list(TRANSFORM ARGN PREPEND ${panel_firmware}/board/${board}/ OUTPUT_VARIABLE sources)
  panel_link(panel-${board} ${board} ${cpu} ${panel_firmware}/board/common/main.cpp ${sources})
  string(REGEX REPLACE "g\\+\\+$" "" prefix ${MAILROOM_ARM_GXX})
  set(finish ${panel_firmware}/board/finish_image.py)
  add_custom_command(OUTPUT panel-${board}.bin panel-${board}.json
    COMMAND Python3::Interpreter ${finish} --board ${board} --prefix ${prefix}
            --elf panel-${board}.elf --bin panel-${board}.bin --index panel-${board}.json
            --flash ${panel_flash_limit} --ram ${panel_ram_limit} ${panel_graphs}
    DEPENDS panel-${board}.elf ${finish} COMMENT "Measuring panel-${board}")
  add_custom_target(panel-${board} ALL DEPENDS panel-${board}.bin)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/panel-${board}.bin ${CMAKE_CURRENT_BINARY_DIR}/panel-${board}.json
    DESTINATION ${CMAKE_INSTALL_DATADIR}/mailroom/firmware)
endfunction()
