/** How a line begins with which the kernel says on standard error why it ends. */
export const COMPLAINT = 'Lecture Lab kernel: ';
